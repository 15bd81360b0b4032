-- initiativeGroups (totalCount)
SELECT count(DISTINCT coalesce(c.region_id, 0))
FROM initiative_holder AS h
JOIN collectivity AS c ON c.id = h.collectivity_id;

-- initiativeGroups.nodes (rank, key.region.name, count, share)
WITH held AS (
    SELECT DISTINCT h.initiative_id, c.region_id
    FROM initiative_holder AS h
    JOIN collectivity AS c ON c.id = h.collectivity_id
)
SELECT
    rank() OVER (ORDER BY count(*) DESC), r.name, count(*),
    count(*) * 1.0 / (SELECT count(*) FROM held)
FROM held
LEFT JOIN collectivity AS r ON r.id = held.region_id
GROUP BY r.code, r.name
ORDER BY count(*) DESC, r.code
LIMIT 4;

-- initiativeGroups.nodes (key.region.name, items.nodes.title)
WITH held AS (
    SELECT DISTINCT h.initiative_id, r.code, r.name
    FROM initiative_holder AS h
    JOIN collectivity AS c ON c.id = h.collectivity_id
    LEFT JOIN collectivity AS r ON r.id = c.region_id
),
titled AS (
    SELECT
        held.code, held.name, i.title,
        row_number() OVER (PARTITION BY held.code ORDER BY i.title_folded) AS place,
        count(*) OVER (PARTITION BY held.code) AS n
    FROM held
    JOIN initiative AS i ON i.id = held.initiative_id
)
SELECT name, title FROM titled WHERE place = 1 ORDER BY n DESC, code LIMIT 4;
