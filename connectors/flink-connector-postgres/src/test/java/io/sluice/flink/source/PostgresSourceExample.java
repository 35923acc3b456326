package io.sluice.flink.source;

import io.sluice.flink.source.option.TableSelection;
import io.sluice.flink.source.row.RowDeserializer;
import io.sluice.flink.source.row.RowView;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.connection.ConnectionSettings;
import java.math.BigDecimal;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** How a program of one's own reads a table as a stream of its own type. */
final class PostgresSourceExample {
    private PostgresSourceExample() {}

    /** What the program works with. */
    public record Order(long id, String customer, BigDecimal amount, boolean deleted) {}

    /** Knows the table's columns by name; called for copied rows and for changes alike. */
    static final class Orders extends RowDeserializer<Order> {
        private static final long serialVersionUID = 1;

        @Override
        protected Order row(TableSchema schema, ChangeKind kind, RowView row) {
            long id = Long.parseLong(row.text("id"));
            if (kind == ChangeKind.DELETE || kind == ChangeKind.MOVED) {
                return new Order(id, "", BigDecimal.ZERO, true);
            }
            return new Order(id, row.text("customer"), new BigDecimal(row.text("amount")), false);
        }

        @Override
        public TypeInformation<Order> producedType() {
            return TypeInformation.of(Order.class);
        }
    }

    /** All orders of more than 100, as they are now. */
    static DataStream<Order> largeOrders(StreamExecutionEnvironment environment, ConnectionSettings connection) {
        PostgresSource<Order> source = PostgresSource.builder()
                .connection(connection)
                .pipeline("large-orders")
                .tables(TableSelection.of(new TableName("shop", "orders")))
                .fullTable()
                .deserializer(new Orders())
                .build();
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "orders")
                .filter(order -> order.amount().compareTo(new BigDecimal(100)) > 0);
    }
}
