package io.sluice.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("S22: references are looked behind only when they are resolved")
class ConfigTextTest {

    @Test
    void aLiteralIsItsText() throws Exception {
        assertThat(ConfigText.hidden().read("p$w{}").resolve()).isEqualTo("p$w{}");
        assertThat(ConfigText.hidden().read("$1").resolve()).isEqualTo("$1");
    }

    @Test
    void aHiddenLiteralShowsAMask() {
        assertThat(new ConfigText.Hidden("hunter2")).hasToString("***");
        assertThat(Map.of("password", new ConfigText.Hidden("hunter2")).toString())
                .doesNotContain("hunter2");
    }

    @Test
    void aReferenceShowsWhatItNames() throws Exception {
        assertThat(ConfigText.hidden().read("${env:PW}")).hasToString("${env:PW}");
        assertThat(ConfigText.hidden().read("${file:/run/pw}")).hasToString("${file:/run/pw}");
    }

    @Test
    void anEnvironmentVariableIsReadWhenResolved() {
        assertThat(new ConfigText.Environment("PATH").resolve()).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        assertThatThrownBy(() -> new ConfigText.Environment("SLUICE_NOT_SET").resolve())
                .isInstanceOf(UnresolvedReferenceException.class)
                .hasMessageContaining("SLUICE_NOT_SET")
                .hasMessageContaining("is not set");
    }

    @Test
    void oneLineBreakAtTheEndOfAFileDoesNotCount(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pw");
        ConfigText text = new ConfigText.FileContent(file.toString());
        Files.writeString(file, " two\nlines\n");
        assertThat(text.resolve()).isEqualTo(" two\nlines");
        Files.writeString(file, "windows\r\n");
        assertThat(text.resolve()).isEqualTo("windows");
        Files.writeString(file, "none\n\n");
        assertThat(text.resolve()).isEqualTo("none\n");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new ConfigText.FileContent("/nowhere/pw").resolve())
                .isInstanceOf(UnresolvedReferenceException.class)
                .hasMessageContaining("${file:/nowhere/pw}")
                .hasMessageContaining("NoSuchFileException");
    }
}
