-- collectivities (totalCount)
SELECT count(*) FROM collectivity
WHERE kind = 'OTHER' AND substr(sub_kind, 1, 17) = 'commune étrangère'
AND id IN (SELECT collectivity_id FROM laureate);

-- collectivities.nodes (code, name, subKind, note, awards.totalCount)
SELECT
    c.code, c.name, c.sub_kind, c.note,
    (SELECT count(*) FROM laureate AS l WHERE l.collectivity_id = c.id)
FROM collectivity AS c
WHERE c.kind = 'OTHER' AND substr(c.sub_kind, 1, 17) = 'commune étrangère'
AND c.id IN (SELECT collectivity_id FROM laureate)
ORDER BY c.name_folded;

-- collectivities.nodes (code, awards.nodes.year)
SELECT c.code, a.year
FROM collectivity AS c
JOIN laureate AS l ON l.collectivity_id = c.id
JOIN award AS a ON a.id = l.award_id
WHERE c.kind = 'OTHER' AND substr(c.sub_kind, 1, 17) = 'commune étrangère'
ORDER BY c.name_folded, a.year DESC;
