package io.sluice.job.cli;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.local.LocalJob.Restart;
import io.sluice.job.local.LocalPipeline;
import io.sluice.job.local.Outcome;
import io.sluice.job.local.PipelineWatch;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.preflight.Preflight;
import io.sluice.job.progress.Display;
import io.sluice.job.progress.ProgressText;
import io.sluice.job.progress.Watch;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice run}: a pipeline in this process, until it ends or somebody ends it. */
@Command(
        name = "run",
        usageHelpAutoWidth = true,
        header = "Copies the tables, then follows their changes.",
        description = {
            "Runs the pipeline with Flink in this process.",
            "Looks at both servers first, as check does, and starts only without errors.",
            "",
            "Ctrl-C commits what was read and ends. The next run goes on from there: the target's ledger knows how far"
                    + " it is, so nothing is lost or applied twice, however a run ended.",
            "",
            "Flink's web interface is on this machine only; its address is printed."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:it came to its end, and everything is committed: a FULL_TABLE copy, break-at-end-lsn,"
                    + " break-at-no-data-received",
            " 1:it could not start, or failed",
            " 2:the file is wrong; no server was asked",
            " 130:stopped by Ctrl-C, with everything that was read committed"
        },
        footerHeading = "%nExample:%n",
        footer = "  SOURCE_PASSWORD=... TARGET_PASSWORD=... sluice run -c orders.yaml")
final class RunCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    @Mixin
    private PipelineFile file;

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = file.load();
        Inspection inspection = Preflight.inspect(config);
        inspection.findings().forEach(System.err::println);
        if (inspection.hasErrors()) {
            return SluiceCommand.FAILED;
        }
        try (StopSignal signal = StopSignal.install();
                LocalPipeline pipeline = LocalPipeline.start(config, inspection);
                Watch watch =
                        PipelineWatch.of(config, inspection, pipeline.cluster().metrics())) {
            signal.stops(() -> pipeline.stop(STOP_PATIENCE));
            Display display =
                    Terminal.isInteractive() ? Display.live(System.out) : Display.log(System.out, LOG_INTERVAL);
            display.say("pipeline " + config.pipeline().name() + " runs; web interface "
                    + pipeline.cluster().webInterface());
            Outcome outcome = follow(pipeline, watch, display);
            return end(outcome, display, signal.received());
        }
    }

    private static Outcome follow(LocalPipeline pipeline, Watch watch, Display display) throws InterruptedException {
        ProgressText text = new ProgressText(ZoneId.systemDefault());
        long told = 0;
        Optional<Outcome> outcome = pipeline.job().await(LOOK);
        while (outcome.isEmpty()) {
            Optional<Restart> restart = pipeline.job().lastRestart();
            if (restart.isPresent() && restart.get().timestamp() > told) {
                told = restart.get().timestamp();
                display.say("interrupted, starts again by itself: "
                        + Reasons.of(restart.get().reason()));
            }
            display.show(text.of(watch.look()));
            outcome = pipeline.job().await(LOOK);
        }
        return outcome.get();
    }

    private static int end(Outcome outcome, Display display, boolean stopped) {
        if (outcome instanceof Outcome.Failed failed) {
            display.say("failed: " + Reasons.of(failed.reason()));
            return SluiceCommand.FAILED;
        }
        if (outcome instanceof Outcome.Canceled) {
            display.say("cancelled; what was not committed is read again by the next run");
            return SluiceCommand.FAILED;
        }
        display.say(stopped ? "stopped; everything that was read is committed" : "finished; everything is committed");
        return 0;
    }
}
