package main

import (
	"bufio"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand"
	"os"
	"slices"
	"strings"
	"time"

	kitlog "github.com/go-kit/log"
	"github.com/grafana/dskit/kv/consul"
	"github.com/grafana/dskit/ring"
	"github.com/grafana/dskit/services"
)

// answers: replica sets of all keys, a shard for each as if it were a tenant, and who answers for it there; ranges of all.
func answers(desc *ring.Desc, o options) {
	out := bufio.NewWriter(os.Stdout)
	r := started(desc, o)
	all := sortedIDs(desc)
	operations := map[string]ring.Operation{"read": ring.Read, "write": ring.Write}
	for i := range o.keys {
		key := fmt.Sprint("key-", i)
		for _, name := range []string{"read", "write"} {
			fmt.Fprintln(out, "owners", key, name, "=", set(r.Get(point(key), operations[name], nil, nil, nil)))
		}
		size := 1 + i%(len(all)+1)
		shard := r.ShuffleShard(key, size)
		fmt.Fprintln(out, "shard", key, size, "=", members(shard, all))
		fmt.Fprintln(out, "sharded", key, size, "=", set(shard.Get(point(key), ring.Read, nil, nil, nil)))
	}
	owned := desc.CountTokens()
	for _, id := range all {
		fmt.Fprintln(out, "owned", id, "=", owned[id])
		ranges, err := r.GetTokenRangesForInstance(id)
		if err != nil {
			fmt.Fprintln(out, "ranges", id, "= error")
		} else {
			fmt.Fprintln(out, "ranges", id, "=", strings.Trim(strings.ReplaceAll(fmt.Sprint(ranges), " ", ","), "[]"))
		}
	}
	check(out.Flush())
}

func point(key string) uint32 {
	hash := fnv.New32a()
	hash.Write([]byte(key))
	return hash.Sum32()
}

// started is a ring of dskit that has read desc.
func started(desc *ring.Desc, o options) *ring.Ring {
	ctx := context.Background()
	store, _ := consul.NewInMemoryClient(ring.GetCodec(), kitlog.NewNopLogger(), nil)
	check(store.CAS(ctx, "ring", func(any) (any, bool, error) { return desc, false, nil }))
	config := ring.Config{
		ReplicationFactor: o.rf, ZoneAwarenessEnabled: o.zones, HeartbeatTimeout: o.heartbeatTimeout,
		SubringCacheDisabled: true,
	}
	r, err := ring.NewWithStoreClientAndStrategy(
		config, "interop", "ring", store, ring.NewDefaultReplicationStrategy(), nil, kitlog.NewNopLogger())
	check(err)
	check(services.StartAndAwaitRunning(ctx, r))
	return r
}

func set(set ring.ReplicationSet, err error) string {
	if err != nil {
		return "error"
	}
	return fmt.Sprint(ids(set.Instances), " ", set.MaxErrors)
}

// members of a shard, well or ill.
func members(shard ring.ReadRing, all []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !shard.HasInstance(id) }), ",")
}

func ids(instances []ring.InstanceDesc) string {
	found := []string{}
	for _, instance := range instances {
		found = append(found, instance.Id)
	}
	return strings.Join(found, ",")
}

func sortedIDs(desc *ring.Desc) []string {
	ids := []string{}
	for id := range desc.Ingesters {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// fill writes instances of three zones, most of them well.
func fill(ctx context.Context, o options) {
	chance := rand.New(rand.NewSource(7))
	change(ctx, client(o, ring.GetCodec(), kitlog.NewNopLogger()), o.key, func(desc *ring.Desc) {
		for i := range o.instances {
			now := time.Now()
			id := fmt.Sprintf("crowd-%02d", i)
			tokens := []uint32{}
			for range 64 {
				tokens = append(tokens, chance.Uint32()&^0xFF|uint32(i))
			}
			slices.Sort(tokens)
			tokens = slices.Compact(tokens)
			state := ring.ACTIVE
			if i%11 == 10 {
				state = ring.LEAVING
			}
			entry := desc.AddIngester(id, "127.0.0.1:"+fmt.Sprint(20000+i), fmt.Sprint("zone-", i%3), tokens, state,
				now.Add(-time.Hour), i%13 == 12, now.Add(-time.Minute), nil)
			if i%17 == 16 {
				entry.Timestamp = now.Add(-10 * o.heartbeatTimeout).Unix()
			}
			desc.Ingesters[id] = entry
		}
	})
}
