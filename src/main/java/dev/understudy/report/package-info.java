/** One model of a run; text, JSON and HTML are renderings of it. */
@NullMarked
package dev.understudy.report;

import org.jspecify.annotations.NullMarked;
