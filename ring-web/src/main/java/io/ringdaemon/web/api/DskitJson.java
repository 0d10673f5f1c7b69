package io.ringdaemon.web.api;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.token.Tokens;
import io.ringdaemon.web.http.LongBody;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * The JSON of dskit's ring page (reference/ring-semantics.md 8.1), oddities included: an empty
 * ring's shards are null, as a nil slice of Go is, and Go's encoder escapes what HTML takes for
 * markup. Written an instance at a time: with all tokens of a large ring it has many megabytes.
 */
record DskitJson(Ring ring, Instant now, boolean withTokens) implements LongBody {
  private static final String NEVER = "0001-01-01T00:00:00Z";
  private static final JsonFactory FORMAT =
      JsonFactory.builder()
          .characterEscapes(new GoEscapes())
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  private static final class GoEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    private static final SerializableString LINE = new SerializedString("\\u2028");
    private static final SerializableString PARAGRAPH = new SerializedString("\\u2029");
    private static final int[] ASCII = standardAsciiEscapesForJSON();

    static {
      ASCII['<'] = ESCAPE_STANDARD;
      ASCII['>'] = ESCAPE_STANDARD;
      ASCII['&'] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ASCII.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int point) {
      return point == 0x2028 ? LINE : point == 0x2029 ? PARAGRAPH : null;
    }
  }

  @Override
  public BooleanSupplier begin(OutputStream out) {
    JsonGenerator json = FORMAT.createGenerator(ObjectWriteContext.empty(), out);
    Iterator<Instance> instances = ring.instances().iterator();
    json.writeStartObject();
    json.writeName("shards");
    if (instances.hasNext()) {
      json.writeStartArray();
    } else {
      json.writeNull();
    }
    return () -> {
      if (instances.hasNext()) {
        shard(json, instances.next());
        return true;
      }
      if (!ring.instances().isEmpty()) {
        json.writeEndArray();
      }
      json.writeStringProperty("now", now.toString());
      json.writeEndObject();
      json.writeRaw('\n');
      json.close();
      return false;
    };
  }

  private void shard(JsonGenerator json, Instance instance) {
    InstanceDesc desc = instance.desc();
    json.writeStartObject();
    json.writeStringProperty("id", desc.id());
    json.writeStringProperty(
        "state", instance.health().healthy() ? desc.state().name() : "UNHEALTHY");
    json.writeStringProperty("address", desc.addr());
    json.writeStringProperty("timestamp", Instant.ofEpochSecond(desc.timestamp()).toString());
    json.writeStringProperty("registered_timestamp", orNever(desc.registered()));
    json.writeBooleanProperty("read_only", desc.readOnly().on());
    json.writeStringProperty("read_only_updated_timestamp", orNever(desc.readOnly().updated()));
    json.writeStringProperty("zone", desc.zone());
    json.writeName("tokens");
    tokens(json, instance.owned());
    if (!desc.versions().isEmpty()) {
      json.writeObjectPropertyStart("versions");
      desc.versions().forEach((part, version) -> json.writeNumberProperty("" + part, version));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void tokens(JsonGenerator json, Tokens tokens) {
    if (!withTokens || tokens.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartArray();
    for (int i = 0; i < tokens.size(); i++) {
      json.writeNumber(tokens.at(i));
    }
    json.writeEndArray();
  }

  private static String orNever(long unix) {
    return unix == 0 ? NEVER : Instant.ofEpochSecond(unix).toString();
  }
}
