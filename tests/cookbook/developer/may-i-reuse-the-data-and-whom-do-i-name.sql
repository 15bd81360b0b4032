-- dataset (licence.name, licence.url, attribution)
SELECT licence_name, licence_url, attribution FROM release ORDER BY id DESC LIMIT 1;
