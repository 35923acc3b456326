package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceServerTest {
    @ParameterizedTest
    @CsvSource({
        "90324, 9.3.24, 9.4",
        "90420, 9.4.20, 9.4.21",
        "90515, 9.5.15, 9.5.16",
        "90611, 9.6.11, 9.6.12",
        "100006, 10.6, 10.7",
        "110001, 11.1, 11.2"
    })
    void versionsThatLoseChangesAreRefusedWithTheOneToUpgradeTo(int version, String printed, String remedy) {
        assertThat(SourceServer.versionProblem(version).orElseThrow())
                .contains("version " + printed + " ")
                .contains("upgrade to " + remedy + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {90421, 90624, 100007, 110002, 120000, 140020, 180001})
    void othersAreNot(int version) {
        assertThat(SourceServer.versionProblem(version)).isEmpty();
    }
}
