package io.sluice.flink.source.split;

import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.wire.Marks;
import io.sluice.postgres.change.wire.Text;
import io.sluice.postgres.replication.Plugin;
import io.sluice.postgres.replication.SlotSession;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a {@link SlotSession}; what holds them carries the version. */
public final class SessionCodec {
    private SessionCodec() {}

    public static void write(SlotSession session, DataOutput out) throws IOException {
        Text.write(session.slot(), out);
        Text.write(session.plugin().pluginName(), out);
        out.writeInt(session.publications().size());
        for (String publication : session.publications()) {
            Text.write(publication, out);
        }
        Marks.writeFormat(session.format(), out);
        out.writeLong(session.walSenderTimeout().toMillis());
    }

    /** @throws IOException when the plugin is unknown */
    public static SlotSession read(DataInput in) throws IOException {
        String slot = Text.read(in);
        String name = Text.read(in);
        Plugin plugin = Plugin.named(name).orElseThrow(() -> new IOException("malformed: output plugin " + name));
        int count = in.readInt();
        List<String> publications = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publications.add(Text.read(in));
        }
        ValueFormat format = Marks.readFormat(in);
        return new SlotSession(slot, plugin, publications, format, Duration.ofMillis(in.readLong()));
    }
}
