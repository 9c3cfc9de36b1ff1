//go:build !race

package e5

// underRace tells long tests to do less.
const underRace = false
