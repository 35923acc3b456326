package io.sluice.flink.sink.gather;

import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.function.SerializableSupplier;

/** The pre-commit topology: writers, one {@link Gatherer}, one working committer. */
public final class Gathering {
    private Gathering() {}

    /**
     * Puts the gatherer between writers and committer. The sink itself must have a {@code uid} too: Flink asks for it
     * as soon as an inner operator has one.
     *
     * @param uid of the gatherer; no other operator of the job has it
     */
    public static <C> DataStream<CommittableMessage<C>> gather(
            DataStream<CommittableMessage<C>> committables,
            SerializableSupplier<SimpleVersionedSerializer<C>> serializer,
            String uid) {
        return committables
                .global()
                .transform("gather", CommittableMessageTypeInfo.of(serializer), new Factory<C>())
                .setParallelism(1)
                .setMaxParallelism(1)
                .uid(uid)
                .global();
    }

    private static final class Factory<C> extends AbstractStreamOperatorFactory<CommittableMessage<C>>
            implements OneInputStreamOperatorFactory<CommittableMessage<C>, CommittableMessage<C>> {
        private static final long serialVersionUID = 1;

        @Override
        public <T extends StreamOperator<CommittableMessage<C>>> T createStreamOperator(
                StreamOperatorParameters<CommittableMessage<C>> parameters) {
            @SuppressWarnings("unchecked") // T is the operator class that this factory names below
            T operator = (T) new Gatherer<>(parameters);
            return operator;
        }

        @Override
        @SuppressWarnings("rawtypes") // the interface's own signature
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
            return Gatherer.class;
        }
    }
}
