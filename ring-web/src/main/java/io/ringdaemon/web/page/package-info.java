/** Pages: functions from a view to HTML. */
@NullMarked
package io.ringdaemon.web.page;

import org.jspecify.annotations.NullMarked;
