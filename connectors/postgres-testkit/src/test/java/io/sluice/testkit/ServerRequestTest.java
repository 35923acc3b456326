package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerRequestTest {
    @Test
    void settingsAreNamesAndValues() throws Exception {
        assertThat(requestOf("good").settings()).isEqualTo(Map.of("work_mem", "1MB", "search_path", "a=b"));
        assertThatThrownBy(() -> requestOf("bad")).hasMessageContaining("\"work_mem\"");
    }

    @Test
    void wal2jsonThatIsMissingSkipsUnlessItIsRequired() {
        ServerRequest request = new ServerRequest(15, false, true, "", Map.of());
        assertThat(request.unavailable(false, () -> false, () -> false))
                .hasValueSatisfying(reason -> assertThat(reason).contains("apt-get install postgresql-15-wal2json"));
        assertThat(request.unavailable(true, () -> false, () -> false)).isEmpty();
        assertThat(request.unavailable(false, () -> true, () -> false)).isEmpty();
    }

    @Test
    void containerIsSkippedWithoutAnEngineAndEmbeddedServersNever() {
        assertThat(new ServerRequest(15, false, false, "postgres:17", Map.of())
                        .unavailable(true, () -> true, () -> false))
                .hasValueSatisfying(reason -> assertThat(reason).contains("Docker"));
        assertThat(new ServerRequest(18, false, false, "", Map.of()).unavailable(false, () -> false, () -> false))
                .isEmpty();
    }

    @Test
    void containerAndInstalledServerExcludeEachOther() {
        assertThatThrownBy(() -> new ServerRequest(15, false, true, "postgres:17", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ServerRequest requestOf(String field) throws NoSuchFieldException {
        return ServerRequest.of(Settings.class.getDeclaredField(field).getAnnotation(Postgres.class));
    }

    private static final class Settings {
        @Postgres(settings = {"work_mem = 1MB", "search_path=a=b"})
        static PostgresServer good;

        @Postgres(settings = "work_mem")
        static PostgresServer bad;
    }
}
