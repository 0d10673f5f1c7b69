package main

import (
	"fmt"
	"math/rand"
	"slices"
	"time"

	"github.com/grafana/dskit/ring"
)

// bench: what shuffle shards of 100 among 1,000 instances with 512 tokens cost dskit.
func bench() {
	chance := &output{nil, rand.New(rand.NewSource(1))}
	desc := chance.ring(1000, 0, 512)
	at := time.Unix(now, 0)
	n := 0
	change(desc, func(i *ring.InstanceDesc) {
		i.Zone = fmt.Sprint("z", n%3)
		i.RegisteredTimestamp = now - 100000
		if n%10 == 0 {
			i.RegisteredTimestamp = now - 60
		}
		n++
	})
	for _, disabled := range []bool{true, false} {
		cfg := ring.Config{ReplicationFactor: 3, ZoneAwarenessEnabled: true, SubringCacheDisabled: disabled}
		r, stop := started(desc, cfg, ring.NewDefaultReplicationStrategy())
		name := "cached"
		batch := 1000
		if disabled {
			name = "uncached"
			batch = 1
		}
		measure("shard 100, "+name, batch, func() { r.ShuffleShard("tenant", 100) })
		measure("shard 100 with lookback, "+name, batch, func() {
			r.ShuffleShardWithLookback("tenant", 100, time.Hour, at)
		})
		stop()
	}
}

func measure(name string, batch int, call func()) {
	took := []time.Duration{}
	for range 300 {
		start := time.Now()
		for range batch {
			call()
		}
		took = append(took, time.Since(start)/time.Duration(batch))
	}
	slices.Sort(took)
	fmt.Printf("%-40s min %v  median %v  p99 %v\n", name, took[0], took[len(took)/2], took[len(took)*99/100])
}
