@NullMarked
package dev.understudy.promotion.check.surroundings;

import org.jspecify.annotations.NullMarked;
