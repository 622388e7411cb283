@NullMarked
package dev.understudy.cli.console;

import org.jspecify.annotations.NullMarked;
