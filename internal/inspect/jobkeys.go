package inspect

import "reflect"

// JobKeys lists the keys of a Job in JSON and YAML.
func JobKeys() []string {
	t := reflect.TypeFor[Job]()
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("json"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// FileKey reports whether a key of a Job names files.
func FileKey(key string) bool {
	switch key {
	case "identity", "key", "password_file", "anchor", "app_anchor", "with", "info_plist", "pin_ca", "server_policy":
		return true
	}
	return false
}
