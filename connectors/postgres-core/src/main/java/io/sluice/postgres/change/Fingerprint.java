package io.sluice.postgres.change;

/** FNV-1a over 64 bits; the same on every JVM, so that a stored value stays comparable. */
final class Fingerprint {
    private long hash = 0xcbf29ce484222325L;

    void add(int number) {
        for (int shift = 0; shift < 32; shift += 8) {
            mix(number >>> shift & 0xff);
        }
    }

    void add(String text) {
        add(text.length());
        for (int i = 0; i < text.length(); i++) {
            mix(text.charAt(i) & 0xff);
            mix(text.charAt(i) >>> 8);
        }
    }

    long value() {
        return hash;
    }

    private void mix(int octet) {
        hash = (hash ^ octet) * 0x100000001b3L;
    }
}
