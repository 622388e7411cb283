/** The steps of the playbooks that repair. */
@NullMarked
package dev.understudy.doctor.remedy;

import org.jspecify.annotations.NullMarked;
