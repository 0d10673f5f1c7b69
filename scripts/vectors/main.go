// Writes random cases, answered by grafana/dskit, as text for the tests of ring-core; or times
// dskit's shuffle shards, for the table of benchmarks.
//
//	go run . OUTPUT-DIRECTORY
//	go run . -bench
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	kitlog "github.com/go-kit/log"
	"github.com/grafana/dskit/kv/consul"
	"github.com/grafana/dskit/ring"
	"github.com/grafana/dskit/services"
)

const (
	fresh = 4102444800 // a heartbeat of the year 2100: healthy whenever this runs
	stale = 1
	now   = 1700000000
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: vectors OUTPUT-DIRECTORY | vectors -bench")
	}
	if os.Args[1] == "-bench" {
		bench()
		return
	}
	write("replica-sets.txt", 1, func(out *output) { replicaSets(out, ring.NewDefaultReplicationStrategy()) })
	write("replica-sets-ignore-unhealthy.txt", 2, func(out *output) {
		replicaSets(out, ring.NewIgnoreUnhealthyInstancesReplicationStrategy())
	})
	write("shuffle-shards.txt", 3, shuffleShards)
	write("large-shuffle-shards.txt", 7, largeShards)
	write("token-ranges.txt", 4, tokenRanges)
	write("spread-minimizing-tokens.txt", 5, spreadMinimizing)
	write("merges.txt", 6, merges)
}

// output is a file being written and the chance its cases are drawn from.
type output struct {
	*bufio.Writer
	chance *rand.Rand
}

func write(name string, seed int64, fill func(*output)) {
	file, err := os.Create(filepath.Join(os.Args[1], name))
	check(err)
	out := &output{bufio.NewWriter(file), rand.New(rand.NewSource(seed))}
	fmt.Fprintln(out, "# Answers of grafana/dskit, written by scripts/vectors. See README.md.")
	fill(out)
	check(out.Flush())
	check(file.Close())
}

func (o *output) line(words ...any) {
	fmt.Fprintln(o, words...)
}

func (o *output) pick(words ...string) string {
	return words[o.chance.Intn(len(words))]
}

func (o *output) oneIn(n int) bool {
	return o.chance.Intn(n) == 0
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// orDash writes what may be empty.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func joined(numbers []uint32) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = fmt.Sprint(n)
	}
	return orDash(strings.Join(texts, ","))
}

func sortedIDs(desc *ring.Desc) []string {
	ids := []string{}
	for id := range desc.Ingesters {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// instances writes the entries of a ring, a line each.
func (o *output) instances(word string, desc *ring.Desc) {
	for _, id := range sortedIDs(desc) {
		i := desc.Ingesters[id]
		readOnly := "rw"
		if i.ReadOnly {
			readOnly = "ro"
		}
		o.line(word, id, orDash(i.Zone), i.State, i.Timestamp, i.RegisteredTimestamp, readOnly,
			i.ReadOnlyUpdatedTimestamp, joined(i.Tokens))
	}
}

// tokens draws some that nobody holds, often close to each other or to the ends of the circle.
func (o *output) tokens(count int, taken map[uint32]bool) []uint32 {
	tokens := []uint32{}
	for len(tokens) < count {
		token := o.chance.Uint32()
		if o.oneIn(8) {
			token = uint32(o.chance.Intn(64)) - 32
		}
		if !taken[token] {
			taken[token] = true
			tokens = append(tokens, token)
		}
	}
	slices.Sort(tokens)
	return tokens
}

func (o *output) ring(instances, zones, tokens int) *ring.Desc {
	desc := ring.NewDesc()
	taken := map[uint32]bool{}
	for i := range instances {
		id := fmt.Sprintf("i%02d", i)
		zone := ""
		if zones > 0 {
			zone = fmt.Sprintf("z%d", o.chance.Intn(zones))
		}
		desc.Ingesters[id] = ring.InstanceDesc{
			Id: id, Addr: id, Zone: zone, State: ring.ACTIVE, Timestamp: fresh, Tokens: o.tokens(tokens, taken),
		}
	}
	return desc
}

// change alters each instance with some chance.
func change(desc *ring.Desc, alter func(*ring.InstanceDesc)) {
	for _, id := range sortedIDs(desc) {
		i := desc.Ingesters[id]
		alter(&i)
		desc.Ingesters[id] = i
	}
}

// started is a ring that has read desc from a store, and what stops both.
func started(desc *ring.Desc, cfg ring.Config, strategy ring.ReplicationStrategy) (*ring.Ring, func()) {
	ctx := context.Background()
	store, closer := consul.NewInMemoryClient(ring.GetCodec(), kitlog.NewNopLogger(), nil)
	check(store.CAS(ctx, "ring", func(any) (any, bool, error) { return desc, false, nil }))
	cfg.HeartbeatTimeout = time.Minute
	r, err := ring.NewWithStoreClientAndStrategy(cfg, "test", "ring", store, strategy, nil, kitlog.NewNopLogger())
	check(err)
	check(services.StartAndAwaitRunning(ctx, r))
	return r, func() {
		check(services.StopAndAwaitTerminated(ctx, r))
		check(closer.Close())
	}
}

func ids(instances []ring.InstanceDesc) string {
	found := make([]string, len(instances))
	for i, instance := range instances {
		found[i] = instance.Id
	}
	return orDash(strings.Join(found, ","))
}

func (o *output) operation() ring.Operation {
	named := []ring.Operation{ring.Read, ring.Write, ring.WriteNoExtend, ring.Reporting}
	if o.oneIn(4) { // a custom one; nothing about LEFT, which no reader sees
		return ring.Operation(o.chance.Uint32() & 0x000F000F)
	}
	return named[o.chance.Intn(len(named))]
}
