/** How Sluice connects to a server: settings without resolved secrets, and connections with pinned session settings. */
@NullMarked
package io.sluice.postgres.connection;

import org.jspecify.annotations.NullMarked;
