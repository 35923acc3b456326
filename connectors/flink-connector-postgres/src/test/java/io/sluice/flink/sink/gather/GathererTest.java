package io.sluice.flink.sink.gather;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GathererTest {
    @Test
    @DisplayName("F10: what an aborted checkpoint left behind goes out with the next one, as one cut")
    void abortedCheckpointJoinsTheNextCut() throws Exception {
        try (Harness gatherer = new Harness()) {
            gatherer.from(0, 5, "w0 #5");
            gatherer.from(0, 6, "w0 #6");
            gatherer.from(1, 6, "w1 #6");
            gatherer.barrier(6);
            assertThat(gatherer.emitted()).containsExactly("summary 6: 3", "6: w0 #5", "6: w0 #6", "6: w1 #6");
        }
    }

    @Test
    @DisplayName("S1: a writer that ended early does not hold back the others")
    void doesNotCountSummaries() throws Exception {
        try (Harness gatherer = new Harness()) {
            gatherer.from(0, 1, "w0 #1");
            gatherer.barrier(1);
            gatherer.from(1, 2, "w1 #2");
            gatherer.barrier(2);
            assertThat(gatherer.emitted()).containsExactly("summary 1: 1", "1: w0 #1", "summary 2: 1", "2: w1 #2");
        }
    }

    @Test
    @DisplayName("S1: what is left at the end of the input is emitted once")
    void emitsTheRestAtTheEndOfTheInput() throws Exception {
        try (Harness gatherer = new Harness()) {
            gatherer.barrier(4);
            gatherer.from(0, 5, "rest");
            gatherer.end();
            gatherer.barrier(5);
            assertThat(gatherer.emitted()).containsExactly("summary 4: 0", "summary 5: 1", "5: rest");
        }
    }

    private static final class Harness implements AutoCloseable {
        private final OneInputStreamOperatorTestHarness<CommittableMessage<String>, CommittableMessage<String>>
                operator;

        Harness() throws Exception {
            operator = new OneInputStreamOperatorTestHarness<>(
                    new OperatorFactory(),
                    CommittableMessageTypeInfo.of(Text::new)
                            .createSerializer(new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
            operator.setup(CommittableMessageTypeInfo.of(Text::new)
                    .createSerializer(new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
            operator.initializeState((OperatorSubtaskState) null);
            operator.open();
        }

        void from(int writer, long checkpoint, String committable) throws Exception {
            operator.processElement(new CommittableSummary<>(writer, 2, checkpoint, 1, 0), 0);
            operator.processElement(new CommittableWithLineage<>(committable, checkpoint, writer), 0);
        }

        void barrier(long checkpoint) throws Exception {
            operator.prepareSnapshotPreBarrier(checkpoint);
        }

        void end() throws Exception {
            operator.endInput();
        }

        List<String> emitted() {
            return operator.extractOutputValues().stream()
                    .map(message -> message instanceof CommittableSummary<String> summary
                            ? "summary " + summary.getCheckpointId() + ": " + summary.getNumberOfCommittables()
                            : message.getCheckpointId() + ": "
                                    + ((CommittableWithLineage<String>) message).getCommittable())
                    .toList();
        }

        @Override
        public void close() {
            try {
                operator.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class OperatorFactory extends AbstractStreamOperatorFactory<CommittableMessage<String>>
            implements OneInputStreamOperatorFactory<CommittableMessage<String>, CommittableMessage<String>> {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("unchecked") // T is the class named below
        public <T extends StreamOperator<CommittableMessage<String>>> T createStreamOperator(
                StreamOperatorParameters<CommittableMessage<String>> parameters) {
            return (T) new Gatherer<>(parameters);
        }

        @Override
        @SuppressWarnings("rawtypes") // the interface's own signature
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
            return Gatherer.class;
        }
    }

    private static final class Text implements SimpleVersionedSerializer<String> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String deserialize(int version, byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
