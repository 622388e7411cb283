package dev.understudy.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** The pages in {@code templates/}. Every value is escaped for HTML unless the template itself says otherwise. */
final class Templates {
    private static final Configuration CONFIGURATION = configuration();

    private Templates() {}

    static String render(String name, Map<String, ?> model) {
        StringWriter page = new StringWriter();
        try {
            CONFIGURATION.getTemplate(name).process(model, page);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read template " + name, e);
        } catch (TemplateException e) {
            throw new IllegalStateException("template " + name + " does not fit its model", e);
        }
        return page.toString();
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassLoaderForTemplateLoading(Templates.class.getClassLoader(), "dev/understudy/templates");
        configuration.setDefaultEncoding("UTF-8");
        configuration.setLocale(Locale.ROOT);
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        configuration.setWrapUncheckedExceptions(true);
        configuration.setNumberFormat("computer");
        return configuration;
    }
}
