/**
 * Kafka as the lasting replica of the journal and as the inbox of commands: claims and fences the state, writes batches in
 * transactions, reads commands from the positions in the ledger.
 */
@NullMarked
package io.respawn.kafka;

import org.jspecify.annotations.NullMarked;
