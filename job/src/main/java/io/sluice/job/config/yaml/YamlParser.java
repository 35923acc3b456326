package io.sluice.job.config.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads YAML into {@link YamlValue}s, down to a depth that no configuration needs (aliases could nest for ever). */
public final class YamlParser {
    private static final int DEEPEST = 12;

    private YamlParser() {}

    /** The document's value, or nothing when the text holds none. */
    public static Optional<YamlValue> parse(String text) throws MalformedYamlException {
        try {
            Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            return node == null || node.getTag().equals(Tag.NULL) ? Optional.empty() : Optional.of(value(node, 0));
        } catch (MarkedYAMLException e) {
            throw malformed(e.getProblemMark(), problem(e));
        } catch (ReaderException e) {
            throw new MalformedYamlException(
                    "holds a character that YAML does not allow, at position " + (e.getPosition() + 1));
        } catch (YAMLException e) {
            throw new MalformedYamlException("is not YAML that can be read: it has too many aliases or is too long");
        }
    }

    private static YamlValue value(Node node, int depth) throws MalformedYamlException {
        if (depth > DEEPEST) {
            throw malformed(node.getStartMark(), "values are nested more than " + DEEPEST + " deep");
        }
        if (node instanceof MappingNode mapping) {
            return new YamlValue.Mapping(line(node), entries(mapping, depth));
        }
        if (node instanceof SequenceNode sequence) {
            List<YamlValue> values = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                values.add(value(item, depth + 1));
            }
            return new YamlValue.Items(line(node), values);
        }
        return node.getTag().equals(Tag.NULL)
                ? new YamlValue.Empty(line(node))
                : new YamlValue.Scalar(line(node), ((ScalarNode) node).getValue());
    }

    private static List<YamlValue.Entry> entries(MappingNode mapping, int depth) throws MalformedYamlException {
        List<YamlValue.Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw malformed(tuple.getKeyNode().getStartMark(), "a key must be a plain word");
            }
            entries.add(new YamlValue.Entry(key.getValue(), line(key), value(tuple.getValueNode(), depth + 1)));
        }
        return entries;
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static String problem(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? "can not be read" : e.getProblem();
        // Here the library quotes the text after the "*" or "!", which may be an unquoted password.
        return problem.startsWith("found undefined")
                ? "a plain value must not begin with * or !; put it in quotes"
                : problem;
    }

    private static MalformedYamlException malformed(Mark mark, String problem) {
        return new MalformedYamlException("is not valid YAML: line " + (mark.getLine() + 1) + ", column "
                + (mark.getColumn() + 1) + ": " + problem);
    }
}
