package io.sluice.postgres.pgoutput;

import io.sluice.postgres.change.TableName;
import java.util.List;

/** A Relation message: how the rows of a table look that follow (manual, "Logical Replication Message Formats"). */
public record Relation(int oid, TableName name, List<Attribute> attributes) {

    /** @param inIdentity part of the replica identity */
    public record Attribute(String name, int typeOid, int typmod, boolean inIdentity) {}

    public Relation {
        attributes = List.copyOf(attributes);
    }
}
