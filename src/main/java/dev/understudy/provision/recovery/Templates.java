package dev.understudy.provision.recovery;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateMethodModelEx;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration templates of {@code templates/}. They quote values by {@code quote(value)}, so that nothing a value
 * holds can become another line.
 */
public final class Templates {
    private final Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);

    public Templates() {
        configuration.setClassLoaderForTemplateLoading(Templates.class.getClassLoader(), "dev/understudy/templates");
        configuration.setDefaultEncoding("UTF-8");
        configuration.setNumberFormat("computer");
        configuration.setLocalizedLookup(false);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
    }

    public String render(String template, Map<String, ?> model) {
        Map<String, Object> withQuote = new HashMap<>(model);
        TemplateMethodModelEx quote =
                (List arguments) -> GucQuote.quote(arguments.get(0).toString());
        withQuote.put("quote", quote);
        StringWriter text = new StringWriter();
        try {
            configuration.getTemplate(template).process(withQuote, text);
        } catch (IOException | TemplateException e) {
            throw UnderstudyException.of(ErrorCode.DEFECT, "cannot render the template \"%s\"", template)
                    .detail("%s", String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
        return text.toString();
    }
}
