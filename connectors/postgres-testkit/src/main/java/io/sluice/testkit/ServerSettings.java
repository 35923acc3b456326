package io.sluice.testkit;

import java.util.Map;
import java.util.TreeMap;

/** Lines of {@code postgresql.conf}. */
final class ServerSettings {
    /**
     * Does not wait for the disk: what was committed is lost when the machine crashes, and only then. Commits are still
     * written before they return, as a slot sends nothing that is not: with synchronous_commit=off a test that reads
     * right after its commit would find nothing.
     */
    static final Map<String, String> QUICK = Map.of("fsync", "off", "full_page_writes", "off");

    private static final Map<String, String> DECODING = Map.of(
            "wal_level", "logical",
            "max_replication_slots", "20",
            "max_wal_senders", "20",
            "max_prepared_transactions", "10",
            "shared_buffers", "64MB");

    private ServerSettings() {}

    /** What every server of the testkit has, under the given ones. */
    static Map<String, String> complete(Map<String, String> settings) {
        return over(DECODING, settings);
    }

    static Map<String, String> over(Map<String, String> under, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(under);
        all.putAll(settings);
        return all;
    }
}
