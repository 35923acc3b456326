package io.sluice.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test a {@link PostgresServer}: put it on a static or instance field, or on a parameter of a test or lifecycle
 * method. The server is ended after the test class, a durable one of an instance field or test parameter after the
 * test. Tests of a class share a server that is not durable: {@link PostgresServer#createDatabase()} keeps them apart.
 *
 * <p>A test whose field or own parameter asks for what the machine lacks is skipped with a line that says how to enable
 * it.
 */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PostgresExtension.class)
public @interface Postgres {
    /** Major version of the embedded server, 14 to 18; ignored with {@link #wal2json} and {@link #container}. */
    int version() default 15;

    /** Waits for the disk, and is the test's own: it may be killed. */
    boolean durable() default false;

    /**
     * An installed server that can decode with wal2json. Without one the test is skipped, or fails when the system
     * property or environment variable {@code SLUICE_REQUIRE_WAL2JSON} is {@code true}.
     */
    boolean wal2json() default false;

    /** A Docker image such as {@code postgres:17}; skipped where no Docker engine answers. */
    String container() default "";

    /** Lines of {@code postgresql.conf}, such as {@code max_slot_wal_keep_size=16MB}. */
    String[] settings() default {};
}
