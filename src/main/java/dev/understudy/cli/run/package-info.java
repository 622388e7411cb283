/** The commands about plans and runs, one class a verb. */
@NullMarked
package dev.understudy.cli.run;

import org.jspecify.annotations.NullMarked;
