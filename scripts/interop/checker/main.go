// The reference library's side of scripts/interop/run: reads and writes a ring's value through grafana/dskit.
//
//	checker answers -store etcd|consul -address HOST:PORT -key KEY [-rf N] [-zones] [-keys N] -value FILE
//	checker answers -store file -value FILE …
//	checker fill    -store … -address … -key KEY [-instances N]
//	checker storm   -store … -address … -key KEY -seconds N
//
// answers prints what dskit computes over the value: a line a fact, as in scripts/vectors. From a store, the bytes it read go
// to FILE, so that others can answer for the very same ones. fill writes a ring of instances that are well and ill, of three
// zones. storm registers an instance and writes its entry up to 200 times a second, as often as 1,000 instances would.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"github.com/go-kit/log/level"

	kitlog "github.com/go-kit/log"
	"github.com/grafana/dskit/kv"
	"github.com/grafana/dskit/kv/codec"
	"github.com/grafana/dskit/ring"
)

type options struct {
	store, address, key, value   string
	rf, keys, instances, seconds int
	zones                        bool
	heartbeatTimeout             time.Duration
}

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: checker answers|fill|storm OPTION…; see main.go")
	}
	o := options{}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.StringVar(&o.store, "store", "", "etcd, consul or file")
	flags.StringVar(&o.address, "address", "", "HOST:PORT of the store")
	flags.StringVar(&o.key, "key", "", "of the ring, with its prefix")
	flags.StringVar(&o.value, "value", "", "file for the value's bytes")
	flags.IntVar(&o.rf, "rf", 3, "replication factor")
	flags.BoolVar(&o.zones, "zones", false, "zone awareness")
	flags.IntVar(&o.keys, "keys", 10000, "how many keys, and tenants, to answer for")
	flags.IntVar(&o.instances, "instances", 30, "to write")
	flags.IntVar(&o.seconds, "seconds", 10, "how long to write")
	flags.DurationVar(&o.heartbeatTimeout, "heartbeat-timeout", time.Minute, "of the ring")
	check(flags.Parse(os.Args[2:]))
	ctx := context.Background()
	switch os.Args[1] {
	case "answers":
		answers(read(ctx, o), o)
	case "fill":
		fill(ctx, o)
	case "storm":
		storm(ctx, o)
	default:
		log.Fatalf("checker: unknown command %s", os.Args[1])
	}
}

// recording remembers the bytes it decoded.
type recording struct {
	codec.Codec
	bytes []byte
}

func (r *recording) Decode(bytes []byte) (any, error) {
	r.bytes = slices.Clone(bytes)
	return r.Codec.Decode(bytes)
}

func client(o options, c codec.Codec, logger kitlog.Logger) kv.Client {
	config := kv.Config{}
	flags := flag.NewFlagSet("", flag.ExitOnError)
	config.RegisterFlagsWithPrefix("", "", flags) // the defaults
	config.Store = o.store
	config.Etcd.Endpoints = []string{o.address}
	config.Consul.Host = o.address
	made, err := kv.NewClient(config, c, nil, logger)
	check(err)
	return made
}

func read(ctx context.Context, o options) *ring.Desc {
	if o.store == "file" {
		bytes, err := os.ReadFile(o.value)
		check(err)
		value, err := ring.GetCodec().Decode(bytes)
		check(err)
		return value.(*ring.Desc)
	}
	c := &recording{Codec: ring.GetCodec()}
	value, err := client(o, c, kitlog.NewNopLogger()).Get(ctx, o.key)
	check(err)
	if value == nil {
		log.Fatalf("checker: there is nothing at %s in %s", o.key, o.store)
	}
	check(os.WriteFile(o.value, c.bytes, 0o600))
	return value.(*ring.Desc)
}

func change(ctx context.Context, store kv.Client, key string, alter func(*ring.Desc)) {
	check(store.CAS(ctx, key, func(in any) (any, bool, error) {
		desc := ring.GetOrCreateRingDesc(in)
		alter(desc)
		return desc, true, nil
	}))
}

// storm counts up in a field of its own entry, by one CAS after the other.
func storm(ctx context.Context, o options) {
	const id = "storm"
	conflicts := &counting{}
	store := client(o, ring.GetCodec(), level.NewFilter(conflicts, level.AllowDebug()))
	end := time.Now().Add(time.Duration(o.seconds) * time.Second)
	token := []uint32{4000000000}
	written := int64(0)
	for ; time.Now().Before(end); written++ {
		change(ctx, store, o.key, func(desc *ring.Desc) {
			before := desc.Ingesters[id].ReadOnlyUpdatedTimestamp
			if before != written {
				log.Fatalf("checker: write %d of %s was lost: the store holds %d", written, id, before)
			}
			desc.AddIngester(id, "127.0.0.1:1", "", token, ring.ACTIVE, time.Now(), false, time.Unix(written+1, 0), nil)
		})
		time.Sleep(5 * time.Millisecond)
	}
	change(ctx, store, o.key, func(desc *ring.Desc) { desc.RemoveIngester(id) })
	fmt.Println(written, conflicts.count)
}

// counting counts what dskit logs of a CAS that came too late.
type counting struct{ count int }

func (c *counting) Log(pairs ...any) error {
	for _, word := range pairs {
		switch word {
		case "failed to CAS, revision and version did not match in etcd", "error CASing, trying again":
			c.count++
		}
	}
	return nil
}

func check(err error) {
	if err != nil {
		log.Fatal("checker: ", err)
	}
}
