@NullMarked
package dev.understudy.report;

import org.jspecify.annotations.NullMarked;
