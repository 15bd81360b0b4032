-- awards (totalCount)
-- The commune itself, and what belongs to it.
SELECT count(DISTINCT l.award_id)
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
LEFT JOIN collectivity AS p ON p.id = c.parent_id
WHERE (c.kind = 'COMMUNE' AND c.code = '29019') OR (p.kind = 'COMMUNE' AND p.code = '29019');

-- awards.nodes (year, laureates.subKind, laureates.name)
SELECT a.year, c.sub_kind, c.name
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
LEFT JOIN collectivity AS p ON p.id = c.parent_id
WHERE (c.kind = 'COMMUNE' AND c.code = '29019') OR (p.kind = 'COMMUNE' AND p.code = '29019')
ORDER BY a.year DESC, a.level_rank DESC, a.key DESC, l.position;
