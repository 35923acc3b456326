/** Flink's types for what flows between the operators: no Kryo, no Java serialization. */
@NullMarked
package io.sluice.flink.typeinfo;

import org.jspecify.annotations.NullMarked;
