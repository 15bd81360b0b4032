-- not told by SQL (initiative.similar.score, initiative.similar.reasons, initiative.similar.reasonsEn)

-- initiative.similar.node (slug, title, year)
-- The only one with the same category whose lead lies in the same département.
SELECT o.slug, o.title, o.year
FROM initiative AS i
JOIN initiative_category AS ic ON ic.initiative_id = i.id
JOIN initiative_category AS oc ON oc.category_id = ic.category_id
JOIN initiative AS o ON o.id = oc.initiative_id AND o.id <> i.id
JOIN initiative_holder AS h ON h.initiative_id = i.id AND h.position = 0
JOIN collectivity AS c ON c.id = h.collectivity_id
JOIN initiative_holder AS oh ON oh.initiative_id = o.id AND oh.position = 0
JOIN collectivity AS x ON x.id = oh.collectivity_id
WHERE i.slug = 'cantal-telemedecine' AND x.departement_id = c.departement_id;
