package io.sluice.postgres.change;

/** A 32-bit hash of a row's key bytes, the same on every JVM: bucket numbers outlive the process. */
public final class KeyHash {
    private KeyHash() {}

    public static int of(TableSchema schema, Tuple row) {
        int hash = 0x9747b28c;
        byte[] bytes = row.bytes();
        for (int i = 0; i < schema.keyWidth(); i++) {
            int field = schema.keyColumn(i);
            hash = add(hash, bytes, row.offset(field), row.length(field));
        }
        return finish(hash);
    }

    /** Mixes in one field's bytes; its length takes part, so that fields do not run into each other. */
    public static int add(int hash, byte[] bytes, int offset, int length) {
        int h = mix(hash, length);
        int end = offset + Math.max(length, 0);
        int i = offset;
        for (; i + 4 <= end; i += 4) {
            h = mix(h, BigEndian.getInt(bytes, i));
        }
        int rest = 0;
        for (; i < end; i++) {
            rest = rest << 8 | bytes[i] & 0xff;
        }
        return mix(h, rest);
    }

    /** Spreads the last bits over the whole word (the finalizer of MurmurHash3). */
    public static int finish(int hash) {
        int h = hash;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int mix(int hash, int word) {
        int k = Integer.rotateLeft(word * 0xcc9e2d51, 15) * 0x1b873593;
        return Integer.rotateLeft(hash ^ k, 13) * 5 + 0xe6546b64;
    }
}
