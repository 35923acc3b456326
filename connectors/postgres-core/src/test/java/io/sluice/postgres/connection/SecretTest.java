package io.sluice.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
    @Test
    @DisplayName("S22: a literal password does not show")
    void literalIsMasked() {
        assertThat(new Secret("hunter2")).hasToString("******");
    }

    @Test
    @DisplayName("S22: a reference shows as reference and resolves to the file's content without its line end")
    void fileReference(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "hunter2\n");
        Secret secret = new Secret("${file:" + file + "}");
        assertThat(secret.resolve()).isEqualTo("hunter2");
        assertThat(secret.toString()).contains(file.toString()).doesNotContain("hunter2");
    }

    @Test
    void missingVariableIsNamed() {
        assertThatThrownBy(() -> new Secret("${env:SLUICE_NO_SUCH_VARIABLE}").resolve())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SLUICE_NO_SUCH_VARIABLE");
    }
}
