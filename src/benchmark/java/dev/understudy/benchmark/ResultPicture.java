package dev.understudy.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * The ratios as a picture: a bar a row from the lowest to the highest reading, a mark at the median, a line at the goal.
 * Left of 1 Understudy is faster than its peer.
 */
final class ResultPicture {
    private static final int WIDTH = 900;
    private static final int LABEL = 230;
    private static final int LINE = 30;
    private static final int TOP = 56;
    private static final double HIGHEST = 2;

    private ResultPicture() {}

    static String of(List<Run> runs) {
        List<Row> ratios = Run.inOrder(runs).stream()
                .map(Run.Numbered::row)
                .filter(row -> row.heading().figure().equals("ratio"))
                .filter(row -> !row.readings().isEmpty())
                .toList();
        StringBuilder svg = new StringBuilder();
        int height = TOP + ratios.size() * LINE + 30;
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">",
                WIDTH,
                height);
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
        add(
                svg,
                "<text x=\"12\" y=\"22\" font-size=\"15\">Time taken, the peer's being 1 (%s)</text>",
                runs.get(runs.size() - 1).surroundings().at().toString().substring(0, 10));
        for (double tick = 0; tick <= HIGHEST; tick += 0.5) {
            add(
                    svg,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>",
                    x(tick),
                    TOP - 8,
                    x(tick),
                    height - 26,
                    tick == 1 ? "#555555" : "#dddddd");
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%.1f</text>",
                    x(tick),
                    height - 10,
                    tick);
        }
        int y = TOP;
        for (Row row : ratios) {
            add(svg, "<text x=\"12\" y=\"%d\">%s</text>", y + 12, escaped(row.contest()));
            add(
                    svg,
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\" rx=\"3\" fill=\"%s\"/>",
                    x(row.lowest()),
                    y + 2,
                    Math.max(2, x(row.highest()) - x(row.lowest())),
                    Double.isNaN(row.heading().goal()) ? "#9db7d5" : row.isReached() ? "#8fc3a0" : "#e0a08f");
            add(
                    svg,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#222222\" stroke-width=\"3\"/>",
                    x(row.figure()),
                    y - 2,
                    x(row.figure()),
                    y + 18);
            if (!Double.isNaN(row.heading().goal())) {
                add(
                        svg,
                        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b00020\" stroke-dasharray=\"3 2\"/>",
                        x(row.heading().goal()),
                        y - 4,
                        x(row.heading().goal()),
                        y + 20);
            }
            y += LINE;
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double ratio) {
        return LABEL + Math.min(HIGHEST, ratio) / HIGHEST * (WIDTH - LABEL - 30);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
