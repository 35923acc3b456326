package io.sluice.postgres.replication;

/** Decodes the messages of one slot session, one after the other. */
@FunctionalInterface
interface MessageDecoder {
    void decode(byte[] bytes, int offset, int length);
}
