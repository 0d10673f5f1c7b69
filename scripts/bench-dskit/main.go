// The peer of scripts/bench: look-ups and a state change in a ring of grafana/dskit, of the same shapes.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"sort"
	"time"

	"github.com/go-kit/log"
	"github.com/grafana/dskit/kv/consul"
	"github.com/grafana/dskit/ring"
	"github.com/grafana/dskit/services"
)

const key = "bench"

func desc(instances, tokens, zones int, leavingZone string) *ring.Desc {
	chance := rand.New(rand.NewSource(7))
	d := ring.NewDesc()
	for i := 0; i < instances; i++ {
		own := make([]uint32, tokens)
		for t := range own {
			own[t] = chance.Uint32()&^0xFFF | uint32(i)
		}
		sort.Slice(own, func(a, b int) bool { return own[a] < own[b] })
		zone := fmt.Sprintf("zone-%d", i%zones)
		state := ring.ACTIVE
		if zone == leavingZone {
			state = ring.LEAVING
		}
		id := fmt.Sprintf("instance-%05d", i)
		d.AddIngester(id, "10.0.0.1:9095", zone, own, state, time.Now(), false, time.Time{}, nil)
	}
	return d
}

func started(d *ring.Desc, replicas int, strategy ring.ReplicationStrategy) *ring.Ring {
	store, _ := consul.NewInMemoryClient(ring.GetCodec(), log.NewNopLogger(), nil)
	must(store.CAS(context.Background(), key, func(any) (any, bool, error) { return d, true, nil }))
	cfg := ring.Config{HeartbeatTimeout: time.Hour, ReplicationFactor: replicas, ZoneAwarenessEnabled: true}
	r, err := ring.NewWithStoreClientAndStrategy(cfg, key, key, store, strategy, nil, log.NewNopLogger())
	must(err)
	must(services.StartAndAwaitRunning(context.Background(), r))
	return r
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func measure(what string, batches, perBatch int, work func()) {
	for i := 0; i < 10; i++ {
		work()
	}
	took := make([]float64, 0, batches)
	until := time.Now().Add(10 * time.Second)
	for i := 0; i < batches && (i < 10 || time.Now().Before(until)); i++ {
		start := time.Now()
		for j := 0; j < perBatch; j++ {
			work()
		}
		took = append(took, float64(time.Since(start).Nanoseconds())/float64(perBatch))
	}
	sort.Float64s(took)
	at := func(p int) float64 { return took[(len(took)-1)*p/100] }
	fmt.Printf("  %-66s %12.1f ns %12.1f ns %12.1f ns\n", what, at(0), at(50), at(99))
}

func get(what string, r *ring.Ring, perBatch int) {
	bufDescs, bufHosts, bufZones := ring.MakeBuffersForGet()
	chance := rand.New(rand.NewSource(99))
	measure(what, 12_000, perBatch, func() {
		_, err := r.Get(chance.Uint32(), ring.Write, bufDescs, bufHosts, bufZones)
		must(err)
	})
}

func main() {
	fmt.Printf("\ngrafana/dskit\n  %-66s %15s %15s %15s\n", "", "min", "median", "p99")
	normal := ring.NewDefaultReplicationStrategy()
	get("1,000 x 128, Ring.Get with buffers", started(desc(1000, 128, 3, ""), 3, normal), 1024)
	r := started(desc(1000, 512, 3, ""), 3, normal)
	get("1,000 x 512, Ring.Get with buffers", r, 1024)
	measure("1,000 x 512, replication set of the whole ring", 2000, 1, func() {
		_, err := r.GetReplicationSetForOperation(ring.Read)
		must(err)
	})
	leaving := desc(1200, 512, 4, "zone-2")
	lenient := ring.NewIgnoreUnhealthyInstancesReplicationStrategy()
	get("1,200 x 512, one of four zones LEAVING, RF 3, ignore unhealthy", started(leaving, 3, lenient), 256)
	get("1,200 x 512, one of four zones LEAVING, RF 4, ignore unhealthy", started(leaving, 4, lenient), 4)
}
