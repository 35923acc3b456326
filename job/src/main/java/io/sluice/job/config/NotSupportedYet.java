package io.sluice.job.config;

import io.sluice.job.config.option.Key;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Keys that are read and checked, but whose behaviour is not built: any value but the default ends the start. */
final class NotSupportedYet {
    static final List<Key<?>> KEYS = Stream.concat(
                    Stream.of(SourceKeys.TLS, TargetKeys.TLS).flatMap(tls -> tls.all().stream()),
                    Stream.of(
                            SourceKeys.CONNECTOR,
                            SourceKeys.DEBUG_LSN,
                            SourceKeys.ITERATOR_SIZE,
                            SourceKeys.USE_SECONDARY,
                            SourceKeys.SECONDARY_HOST,
                            SourceKeys.SECONDARY_PORT,
                            SourceKeys.SLOT_KEEP_TIME,
                            TargetKeys.CONNECTOR,
                            TargetKeys.ALLOW_MERGE_TABLES,
                            TargetKeys.SCHEMA_EVOLUTION,
                            TargetKeys.SCHEMA_PRIVILEGES,
                            TargetKeys.FLATTENING_MAX_LEVEL,
                            TargetKeys.VALIDATE_RECORDS,
                            TargetKeys.ON_ERROR,
                            TargetKeys.FULL_TABLE_MODE,
                            TargetKeys.ALLOW_APPEND,
                            TargetKeys.DELIVERY_GUARANTEE,
                            TargetKeys.STAGING_BUDGET))
            .toList();

    private NotSupportedYet() {}

    static List<Fault> faults(ConfigValues values) {
        return KEYS.stream().flatMap(key -> fault(key, values).stream()).toList();
    }

    private static <T> Optional<Fault> fault(Key<T> key, ConfigValues values) {
        if (!values.given(key)) {
            return Optional.empty();
        }
        // A value at fault has been reported; that the key is not built would come as a second surprise.
        boolean isDefault = values.find(key).isPresent() && values.find(key).equals(key.constant());
        String remedy = key.constant()
                .map(value -> "leave it out, or give its default, " + key.type().show(value))
                .orElse("leave it out");
        Fault fault = values.fault(key, "not supported yet: " + key.name() + "; " + remedy);
        return isDefault
                ? Optional.empty()
                : Optional.of(new Fault(fault.key(), fault.line(), fault.value(), fault.rule(), null));
    }
}
