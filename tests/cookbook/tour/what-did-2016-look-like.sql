-- awards (totalCount, aggregate.count)
SELECT count(*), count(*) FROM award WHERE year = 2016;

-- not told by SQL (awards.facets.level.label)

-- awards.facets.level (value, count)
SELECT level, count(*) AS n
FROM award WHERE year = 2016
GROUP BY level
ORDER BY n DESC, level;

-- awards.facets.region (count)
SELECT count(DISTINCT a.id) AS n
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE a.year = 2016
GROUP BY c.region_id
ORDER BY n DESC;

-- awards.facets.region (value, label, count) in any order
SELECT r.code, coalesce(r.name, 'Non renseigné'), count(DISTINCT a.id)
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
LEFT JOIN collectivity AS r ON r.id = c.region_id
WHERE a.year = 2016
GROUP BY r.code, r.name;
