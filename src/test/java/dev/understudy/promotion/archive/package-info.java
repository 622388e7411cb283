@NullMarked
package dev.understudy.promotion.archive;

import org.jspecify.annotations.NullMarked;
