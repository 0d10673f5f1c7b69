package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand"
	"slices"
	"time"

	"github.com/grafana/dskit/ring"
)

// replicaSets: who answers for a key, and for the whole ring.
func replicaSets(out *output, strategy ring.ReplicationStrategy) {
	states := []ring.InstanceState{ring.LEAVING, ring.PENDING, ring.JOINING}
	for range 110 {
		zones := out.chance.Intn(5)
		desc := out.ring(1+out.chance.Intn(12), zones, 1+out.chance.Intn(5))
		ill := 2 + out.chance.Intn(10)
		change(desc, func(i *ring.InstanceDesc) {
			if out.oneIn(ill) {
				i.State = states[out.chance.Intn(len(states))]
			}
			if out.oneIn(ill) {
				i.Timestamp = stale
			}
			if out.oneIn(20) {
				i.Tokens = nil
			}
		})
		cfg := ring.Config{ReplicationFactor: 1 + out.chance.Intn(4), ZoneAwarenessEnabled: zones > 0 && !out.oneIn(4)}
		if zones > 1 && out.oneIn(2) {
			cfg.ReplicationFactor = zones
		}
		out.line("ring", cfg.ReplicationFactor, cfg.ZoneAwarenessEnabled)
		out.instances("instance", desc)
		r, stop := started(desc, cfg, strategy)
		for range 14 {
			key, op := out.chance.Uint32(), out.operation()
			if out.oneIn(4) { // a token itself belongs to the next one
				if all := desc.GetTokens(); len(all) > 0 {
					key = all[out.chance.Intn(len(all))]
				}
			}
			set, err := r.Get(key, op, nil, nil, nil)
			out.set(fmt.Sprintf("owners %d %08x", key, uint32(op)), set, err)
		}
		for _, op := range []ring.Operation{ring.Read, ring.Write, ring.Reporting} {
			set, err := r.GetReplicationSetForOperation(op)
			slices.SortFunc(set.Instances, byID)
			out.set(fmt.Sprintf("whole %08x", uint32(op)), set, err)
			set, err = r.GetAllHealthy(op)
			slices.SortFunc(set.Instances, byID)
			out.set(fmt.Sprintf("healthy %08x", uint32(op)), set, err)
		}
		stop()
	}
}

func byID(a, b ring.InstanceDesc) int {
	if a.Id < b.Id {
		return -1
	}
	return 1
}

func (o *output) set(question string, set ring.ReplicationSet, err error) {
	if err != nil {
		o.line(question, "= error")
		return
	}
	o.line(question, "=", ids(set.Instances), set.MaxErrors, set.MaxUnavailableZones, set.ZoneAwarenessEnabled)
}

// shuffleShards: who serves a tenant, now or at any time in a window.
func shuffleShards(out *output) {
	for range 100 {
		zones := out.chance.Intn(5)
		desc := out.ring(1+out.chance.Intn(24), zones, 1+out.chance.Intn(6))
		eventful := 1 + out.chance.Intn(8)
		moments := func() int64 { return now - 600*int64(out.chance.Intn(14)) + int64(out.chance.Intn(3)) - 1 }
		change(desc, func(i *ring.InstanceDesc) {
			i.RegisteredTimestamp = now - 100000
			if out.oneIn(1 + eventful) {
				i.RegisteredTimestamp = moments()
			}
			if out.oneIn(6 * eventful) {
				i.RegisteredTimestamp = 0
			}
			if out.oneIn(2 + eventful) {
				i.ReadOnly = !out.oneIn(3)
				i.ReadOnlyUpdatedTimestamp = moments()
				if out.oneIn(5) {
					i.ReadOnlyUpdatedTimestamp = 0
				}
			}
			if out.oneIn(15) {
				i.Tokens = nil
			}
			if zones > 0 && out.oneIn(30) {
				i.Zone = ""
			}
		})
		cfg := ring.Config{
			ReplicationFactor: 3, ZoneAwarenessEnabled: zones > 0 && !out.oneIn(4), SubringCacheDisabled: true,
		}
		out.line("ring", cfg.ReplicationFactor, cfg.ZoneAwarenessEnabled)
		out.instances("instance", desc)
		r, stop := started(desc, cfg, ring.NewDefaultReplicationStrategy())
		for range 7 {
			tenant := out.pick("tenant-a", "tenant-b", "tenant-1", "münchen", fmt.Sprint("t", out.chance.Intn(1000)))
			size := out.chance.Intn(len(desc.Ingesters)+3) - 1
			out.line("shard", tenant, size, "=", members(r.ShuffleShard(tenant, size)))
			period := time.Duration(1+out.chance.Intn(13)) * 10 * time.Minute
			at := time.UnixMilli(now*1000 + int64(out.chance.Intn(2)*500))
			out.line("lookback", tenant, size, period.Seconds(), at.UnixMilli(), "=",
				members(r.ShuffleShardWithLookback(tenant, size, period, at)))
		}
		stop()
	}
}

// largeShards: so many draws that the whole state of the generator takes part.
func largeShards(out *output) {
	for _, zones := range []int{0, 2} {
		desc := out.ring(800, zones, 2)
		cfg := ring.Config{ReplicationFactor: 3, ZoneAwarenessEnabled: zones > 0, SubringCacheDisabled: true}
		out.line("ring", cfg.ReplicationFactor, cfg.ZoneAwarenessEnabled)
		out.instances("instance", desc)
		r, stop := started(desc, cfg, ring.NewDefaultReplicationStrategy())
		for _, size := range []int{273, 274, 700} {
			out.line("shard", "tenant-a", size, "=", members(r.ShuffleShard("tenant-a", size)))
		}
		stop()
	}
}

func members(shard ring.ReadRing) string {
	set, err := shard.GetAllHealthy(ring.Reporting)
	if err != nil { // nobody
		return "-"
	}
	slices.SortFunc(set.Instances, byID)
	return ids(set.Instances)
}

// tokenRanges: which keys an instance owns in its zone, and how many.
func tokenRanges(out *output) {
	for range 60 {
		zones := 1 + out.chance.Intn(3)
		desc := out.ring(1+out.chance.Intn(9), zones, 1+out.chance.Intn(6))
		change(desc, func(i *ring.InstanceDesc) {
			if out.oneIn(12) {
				i.Tokens = nil
			}
			if out.oneIn(12) {
				i.State = ring.LEAVING
			}
		})
		present := map[string]bool{}
		for _, i := range desc.Ingesters {
			present[i.Zone] = true
		}
		cfg := ring.Config{ReplicationFactor: len(present), ZoneAwarenessEnabled: !out.oneIn(10)}
		out.line("ring", cfg.ReplicationFactor, cfg.ZoneAwarenessEnabled)
		out.instances("instance", desc)
		r, stop := started(desc, cfg, ring.NewDefaultReplicationStrategy())
		owned := desc.CountTokens()
		for _, id := range sortedIDs(desc) {
			ranges, err := r.GetTokenRangesForInstance(id)
			if err != nil {
				out.line("ranges", id, "= error")
			} else {
				out.line("ranges", id, "=", joined(ranges))
			}
			out.line("owned", id, "=", owned[id])
		}
		stop()
	}
}

// spreadMinimizing: hashes of whole token lists, and lists from which some are missing.
func spreadMinimizing(out *output) {
	zones := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	for ordinal := range 160 {
		out.spread(ordinal, 0)
	}
	for _, ordinal := range []int{200, 333, 500, 777, 1000, 1023} {
		out.spread(ordinal, out.chance.Intn(8))
	}
	for zone := range 8 {
		out.spread(1+out.chance.Intn(300), zone)
	}
	for range 20 {
		some := slices.Clone(zones[:1+out.chance.Intn(8)])
		zone := some[out.chance.Intn(len(some))]
		rand.New(rand.NewSource(out.chance.Int63())).Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		instance := fmt.Sprintf("store-%s-%d", zone, out.chance.Intn(40))
		generator, err := ring.NewSpreadMinimizingTokenGenerator(instance, zone, some, true)
		check(err)
		all := generator.GenerateTokens(512, nil)
		taken := []uint32{}
		for range out.chance.Intn(6) {
			taken = append(taken, all[out.chance.Intn(16)])
		}
		count := out.chance.Intn(24)
		list := ""
		for i, z := range some {
			if i > 0 {
				list += ","
			}
			list += z
		}
		out.line("generate", instance, zone, list, count, joined(taken), "=",
			joined(generator.GenerateTokens(count, taken)))
	}
}

func (o *output) spread(ordinal, zone int) {
	tokens := ring.NewSpreadMinimizingTokenGeneratorForInstanceAndZoneID("store-", ordinal, zone, false).GenerateTokens(512, nil)
	bytes := []byte{}
	for _, token := range tokens {
		bytes = binary.BigEndian.AppendUint32(bytes, token)
	}
	o.line("spread", ordinal, zone, fmt.Sprintf("= %x", sha256.Sum256(bytes)))
}

// merges: two rings, neither with a token claimed twice, and no two versions of an entry with one timestamp.
func merges(out *output) {
	states := []ring.InstanceState{ring.ACTIVE, ring.ACTIVE, ring.LEAVING, ring.PENDING, ring.JOINING, ring.LEFT}
	for range 220 {
		some := func(timestamps int64) *ring.Desc {
			desc := ring.NewDesc()
			taken := map[uint32]bool{}
			for i := range 1 + out.chance.Intn(6) {
				id := fmt.Sprintf("i%d", i+out.chance.Intn(2))
				if _, known := desc.Ingesters[id]; known {
					continue
				}
				state := states[out.chance.Intn(len(states))]
				entry := ring.InstanceDesc{
					Id: id, Addr: fmt.Sprint(id, ":", out.chance.Intn(3)), Zone: out.pick("z1", "z2"), State: state,
					Timestamp: timestamps + 2*int64(out.chance.Intn(20)), RegisteredTimestamp: 5,
				}
				if out.oneIn(4) {
					entry.ReadOnly, entry.ReadOnlyUpdatedTimestamp = true, 7
				}
				for range out.chance.Intn(5) {
					if token := uint32(out.chance.Intn(40)); state != ring.LEFT && !taken[token] {
						taken[token] = true
						entry.Tokens = append(entry.Tokens, token)
					}
				}
				slices.Sort(entry.Tokens)
				desc.Ingesters[id] = entry
			}
			return desc
		}
		mine, theirs := some(100), some(101)
		for _, id := range sortedIDs(mine) { // some entries are known to both
			if i := mine.Ingesters[id]; out.oneIn(5) && len(i.Tokens) == 0 {
				theirs.Ingesters[id] = i
			}
		}
		out.line("merge")
		out.instances("mine", mine)
		out.instances("theirs", theirs)
		changed, err := mine.Merge(theirs, false)
		check(err)
		out.instances("merged", mine)
		if changed != nil {
			out.instances("changed", changed.(*ring.Desc))
		}
	}
}
