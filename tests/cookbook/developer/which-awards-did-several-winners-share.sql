-- awards (totalCount)
SELECT count(*) FROM award AS a
WHERE (SELECT count(*) FROM laureate AS l WHERE l.award_id = a.id) >= 2;

-- awards.nodes (year, level, laureates.kind, laureates.name)
SELECT a.year, a.level, c.kind, c.name
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE (SELECT count(*) FROM laureate AS other WHERE other.award_id = a.id) >= 2
ORDER BY a.year DESC, a.level_rank DESC, a.key DESC, l.position;
