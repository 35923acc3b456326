package io.sluice.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} up to date; with {@code -Dsluice.docs.update=true} writes it. */
class ConfigurationPageTest {
    private static final String COMMAND =
            "mvn -pl job -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dsluice.docs.update=true";

    @Test
    void thePageShowsTheKeysAsTheyAre() throws Exception {
        Path page = Path.of(System.getProperty("basedir", ""), "..", "docs", "configuration.md")
                .toAbsolutePath()
                .normalize();
        String text = new ConfigurationPage().text();
        if (Boolean.getBoolean("sluice.docs.update")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, text);
        }
        assertThat(page).as("write it with: " + COMMAND).exists();
        assertThat(Files.readString(page))
                .as("docs/configuration.md is out of date; write it again with: " + COMMAND)
                .isEqualTo(text);
    }

    @Test
    void theExampleOfThePageIsRight() throws Exception {
        PipelineConfig config = PipelineConfig.parse("example", ConfigurationPage.EXAMPLE);
        assertThat(config.warnings()).isEmpty();
    }
}
