package io.sluice.postgres.replication;

import io.sluice.postgres.change.BigEndian;

/**
 * The messages inside a walsender's CopyData (manual, "Streaming Replication Protocol"); all numbers are int64:
 *
 * <pre>
 * XLogData    'w', WAL start, WAL end, clock, payload
 * Keepalive   'k', WAL end, and what the driver keeps to itself
 * </pre>
 */
final class WalMessage {
    static final int PAYLOAD = 25;

    private static final int KEEPALIVE_LENGTH = 9;

    private WalMessage() {}

    static byte[] keepalive(long walEnd) {
        byte[] message = new byte[KEEPALIVE_LENGTH];
        message[0] = 'k';
        BigEndian.putLong(message, 1, walEnd);
        return message;
    }

    static boolean isData(byte[] message) {
        return message[0] == 'w';
    }

    /** Of data: the record's LSN, of a commit its end. */
    static long walStart(byte[] data) {
        return BigEndian.getLong(data, 1);
    }

    /** Up to where the server had decoded when it sent this message. */
    static long walEnd(byte[] message) {
        return BigEndian.getLong(message, isData(message) ? 9 : 1);
    }
}
