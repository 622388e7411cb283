/** What a run leaves on disk: the journal, its events, the state that follows from them, and the state directory. */
@NullMarked
package dev.understudy.engine.journal;

import org.jspecify.annotations.NullMarked;
