package io.ringdaemon.web.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/** The templates, compiled at build. */
final class Templates {
  private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(ContentType.Html);

  private Templates() {}

  static String render(String name, Object view) {
    StringOutput out = new StringOutput(16 << 10);
    ENGINE.render(name + ".jte", view, out);
    return out.toString();
  }
}
