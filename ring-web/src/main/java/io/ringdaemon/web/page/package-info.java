/**
 * Pages: functions from a view to HTML. {@link io.ringdaemon.web.page.Verdict} says what is wrong,
 * {@link io.ringdaemon.web.page.RingPage} shows it, {@link io.ringdaemon.web.page.PageRoutes}
 * answers browsers. What others chose (ids, addresses, reasons) is escaped by the templates.
 */
@NullMarked
package io.ringdaemon.web.page;

import org.jspecify.annotations.NullMarked;
