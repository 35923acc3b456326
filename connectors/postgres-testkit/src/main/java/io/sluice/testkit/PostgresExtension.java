package io.sluice.testkit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the servers that {@link Postgres} asks for; JUnit's store ends them. */
final class PostgresExtension implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresExtension.class);
    private static final ExtensionContext.Namespace SERVERS = ExtensionContext.Namespace.create(PostgresServer.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<AnnotatedElement> asking = new ArrayList<>();
        context.getTestMethod()
                .ifPresentOrElse(
                        method -> asking.addAll(Arrays.asList(method.getParameters())),
                        () -> context.getTestClass().ifPresent(type -> asking.addAll(fields(type))));
        for (AnnotatedElement element : asking) {
            Optional<String> reason = AnnotationSupport.findAnnotation(element, Postgres.class)
                    .map(ServerRequest::of)
                    .flatMap(ServerRequest::unavailable);
            if (reason.isPresent()) {
                LOG.warn("{} is skipped: {}", context.getDisplayName(), reason.get());
                return ConditionEvaluationResult.disabled(reason.get());
            }
        }
        return ConditionEvaluationResult.enabled("");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        for (Field field : fields(context.getRequiredTestClass())) {
            if (ModifierSupport.isStatic(field)) {
                set(field, null, context);
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        for (Object test : context.getRequiredTestInstances().getAllInstances()) {
            for (Field field : fields(test.getClass())) {
                if (!ModifierSupport.isStatic(field)) {
                    set(field, test, context);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(Postgres.class) && parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public PostgresServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return server(parameter.findAnnotation(Postgres.class).orElseThrow(), parameter.getParameter(), context);
    }

    private static void set(Field field, @Nullable Object test, ExtensionContext context)
            throws IllegalAccessException {
        if (field.getType() != PostgresServer.class) {
            throw new ExtensionConfigurationException(field + " is annotated @Postgres and is no PostgresServer");
        }
        field.setAccessible(true);
        field.set(test, server(field.getAnnotation(Postgres.class), field, context));
    }

    private static PostgresServer server(Postgres postgres, Object place, ExtensionContext context) {
        ServerRequest request = ServerRequest.of(postgres);
        ExtensionContext owner = request.durable() ? context : outermostClass(context);
        Object key = request.durable() ? List.of(request, place) : request;
        return owner.getStore(SERVERS).getOrComputeIfAbsent(key, k -> request.start(), PostgresServer.class);
    }

    private static ExtensionContext outermostClass(ExtensionContext context) {
        ExtensionContext outermost = context;
        for (Optional<ExtensionContext> next = Optional.of(context);
                next.isPresent();
                next = next.get().getParent()) {
            if (next.get().getTestClass().isPresent()) {
                outermost = next.get();
            }
        }
        return outermost;
    }

    private static List<Field> fields(Class<?> type) {
        return AnnotationSupport.findAnnotatedFields(type, Postgres.class);
    }
}
