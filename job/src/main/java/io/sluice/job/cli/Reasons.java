package io.sluice.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.util.SerializedThrowable;
import org.jspecify.annotations.Nullable;

/** What a failure says to somebody who does not read stack traces. */
final class Reasons {
    /** An exception that travelled as bytes begins its message with its class. */
    private static final Pattern CLASS_NAME = Pattern.compile("^(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:\\$\\w+)*: ");

    private Reasons() {}

    /**
     * The messages from the first that is not Flink's packing inwards, without those that only repeat a later one; the
     * class's name where there is no message at all.
     */
    static String of(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = next(cause)) {
            String message = isPacking(cause) ? null : message(cause);
            if (message != null && messages.stream().noneMatch(earlier -> earlier.contains(message))) {
                messages.removeIf(message::contains);
                messages.add(message);
            }
        }
        return messages.isEmpty() ? thrown.getClass().getSimpleName() : String.join("; ", messages);
    }

    /** Made by Flink or an executor only to carry another one; a message of theirs without a cause is their own. */
    private static boolean isPacking(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        String origin = stack.length == 0 ? "" : stack[0].getClassName();
        return thrown.getCause() != null
                && (origin.startsWith("org.apache.flink.") || origin.startsWith("java.util.concurrent."));
    }

    private static @Nullable Throwable next(Throwable thrown) {
        return thrown.getCause() == thrown ? null : thrown.getCause();
    }

    private static @Nullable String message(Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return null;
        }
        return thrown instanceof SerializedThrowable || thrown.getCause() != null
                ? CLASS_NAME.matcher(message).replaceFirst("")
                : message;
    }
}
