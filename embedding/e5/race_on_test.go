//go:build race

package e5

// underRace tells long tests to do less: the race
// detector makes them ten times slower.
const underRace = true
