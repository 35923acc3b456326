package io.sluice.flink.sink.commit;

import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.apply.unit.UnitCodec;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Units in checkpoints; Flink keeps the version and the length beside the bytes. */
public final class UnitSerializer implements SimpleVersionedSerializer<Unit> {
    @Override
    public int getVersion() {
        return UnitCodec.VERSION;
    }

    @Override
    public byte[] serialize(Unit unit) throws IOException {
        return UnitCodec.write(unit);
    }

    @Override
    public Unit deserialize(int version, byte[] bytes) throws IOException {
        return UnitCodec.read(version, bytes);
    }
}
