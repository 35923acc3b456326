package io.sluice.flink.sink.gather;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Hands the committer what all writers staged up to a barrier as one unit.
 *
 * <p>Assumptions:
 *
 * <ul>
 *   <li>It runs at parallelism 1 between two {@code global()} partitionings.
 *   <li>{@link #prepareSnapshotPreBarrier} is called when the barrier has come from every writer, so a checkpoint that
 *       was aborted before is not committed as a torn cut (RULES F10).
 *   <li>The committer takes one summary per checkpoint and subtask and as many committables as it announces; a second
 *       summary for one checkpoint is an error there.
 *   <li>Writers that end early send nothing afterwards: their summaries are never counted (RULES S1).
 * </ul>
 *
 * <p>It keeps no state: what it holds at a barrier it has emitted before the barrier passes.
 */
final class Gatherer<C> extends AbstractStreamOperator<CommittableMessage<C>>
        implements OneInputStreamOperator<CommittableMessage<C>, CommittableMessage<C>>, BoundedOneInput {
    private static final long serialVersionUID = 1;
    private static final int ONLY_SUBTASK = 0;

    private transient List<C> pending;
    private transient long lastCheckpoint;
    private transient boolean ended;

    Gatherer(StreamOperatorParameters<CommittableMessage<C>> parameters) {
        super(parameters);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        pending = new ArrayList<>();
        lastCheckpoint = context.getRestoredCheckpointId().orElse(0);
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<C>> element) {
        if (element.getValue() instanceof CommittableWithLineage<C> committable) {
            pending.add(committable.getCommittable());
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        if (!ended) {
            emit(checkpointId);
        }
    }

    @Override
    public void endInput() {
        emit(lastCheckpoint + 1);
        ended = true;
    }

    private void emit(long checkpointId) {
        lastCheckpoint = checkpointId;
        output.collect(new StreamRecord<>(new CommittableSummary<>(ONLY_SUBTASK, 1, checkpointId, pending.size(), 0)));
        for (C committable : pending) {
            output.collect(new StreamRecord<>(new CommittableWithLineage<>(committable, checkpointId, ONLY_SUBTASK)));
        }
        pending.clear();
    }
}
