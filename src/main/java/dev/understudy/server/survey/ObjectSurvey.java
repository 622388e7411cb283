package dev.understudy.server.survey;

import java.util.List;

/**
 * What a server's databases hold that goes on, begins or ends when it becomes primary.
 *
 * @param databases those that were looked into
 * @param notSeen names of the others, with the reason
 */
public record ObjectSurvey(List<DatabaseObjects> databases, List<String> notSeen) {
    public ObjectSurvey {
        databases = List.copyOf(databases);
        notSeen = List.copyOf(notSeen);
    }
}
