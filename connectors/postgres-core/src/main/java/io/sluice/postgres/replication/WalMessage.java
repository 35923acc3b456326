package io.sluice.postgres.replication;

import io.sluice.postgres.change.BigEndian;
import java.nio.ByteBuffer;

/**
 * The messages inside a walsender's CopyData (manual, "Streaming Replication Protocol"):
 *
 * <pre>
 * XLogData    'w', int64 WAL start, int64 WAL end, int64 clock, payload
 * Keepalive   'k', int64 WAL end, int64 clock, int8 reply requested
 * Status      'r', int64 written, int64 flushed, int64 applied, int64 clock, int8 reply requested
 * </pre>
 */
final class WalMessage {
    static final int PAYLOAD = 25;

    private static final int STATUS_LENGTH = 34;
    private static final int KEEPALIVE_LENGTH = 18;
    private static final long MICROS_FROM_1970_TO_2000 = 946_684_800_000_000L;

    private WalMessage() {}

    static boolean isData(byte[] message) {
        return message.length >= PAYLOAD && message[0] == 'w';
    }

    static boolean isKeepalive(byte[] message) {
        return message.length == KEEPALIVE_LENGTH && message[0] == 'k';
    }

    /** Up to where the server had sent when it sent this message. */
    static long walEnd(byte[] message) {
        return BigEndian.getLong(message, message[0] == 'w' ? 9 : 1);
    }

    /** Of a keepalive: the server ends the session unless it hears from us. */
    static boolean replyRequested(byte[] keepalive) {
        return keepalive[KEEPALIVE_LENGTH - 1] != 0;
    }

    static byte[] status(long written, long flushed, boolean ping) {
        return ByteBuffer.allocate(STATUS_LENGTH)
                .put((byte) 'r')
                .putLong(written)
                .putLong(flushed)
                .putLong(flushed)
                .putLong(System.currentTimeMillis() * 1000 - MICROS_FROM_1970_TO_2000)
                .put((byte) (ping ? 1 : 0))
                .array();
    }
}
